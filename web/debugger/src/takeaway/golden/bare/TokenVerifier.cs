// dotnet add package Microsoft.IdentityModel.JsonWebTokens
using System;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

public static class TokenVerifier
{
    private static readonly TokenValidationParameters Expected = new()
    {
        IssuerSigningKey = ReadKey(),
        ValidAlgorithms = ["ES256"],
        ValidateIssuer = false,
        ValidateAudience = false,
        RequireExpirationTime = false,
        ClockSkew = TimeSpan.FromSeconds(0),
    };

    /// <summary>The token, if it may be accepted; throws for every other.</summary>
    public static async Task<JsonWebToken> VerifyAsync(string token)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, Expected);
        if (!result.IsValid) throw result.Exception;
        var verified = (JsonWebToken)result.SecurityToken;
        return verified;
    }

    private static SecurityKey ReadKey()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(System.IO.File.ReadAllText("public.pem"));
        return new ECDsaSecurityKey(key);
    }
}
